// SPDX-License-Identifier: Apache-2.0
#include "topic.h"

namespace signalbox::sample {

namespace {

using enum AskUse;

constexpr Topic kTopics[] = {
    {.id = "where-is-it",
     .title = "Your parcel",
     .about = "your parcel",
     .facts = {{.spellings = {"3 to 5 working days", "three to five working days"},
                .says = {"Standard delivery takes 3 to 5 working days.",
                         "A standard parcel is with you within 3 to 5 working days.",
                         "From our warehouse it is 3 to 5 working days to your door."},
                .misses = {"Standard delivery takes a couple of days."}},
               {.spellings = {"24 hours"},
                .says = {"The tracking page wakes up about 24 hours after the parcel leaves us.",
                         "It can take 24 hours until the first scan shows up.",
                         "Give the tracking 24 hours after dispatch."},
                .misses = {"The tracking page sometimes needs a moment."}},
               {.spellings = {"trace"},
                .says = {"After seven working days without news we open a trace with the courier.",
                         "If nothing moves for seven working days, we start a trace.",
                         "From the seventh working day on we can have the courier trace it."},
                .misses = {"If nothing moves for long, please be patient with the courier."}}},
     .asks =
         {{"Where is my order {order}?", 0b011, Opener},
          {"my parcel was due on {day} and nothing came", 0b101, Opener},
          {"How long does standard delivery take?", 0b001},
          {"The tracking page shows nothing at all. Is that normal?", 0b010},
          {"When will you go looking for it?", 0b100, FollowUp},
          {"And if it still hasn't come next week?", 0b100, FollowUp},
          {"it says label created since yesterday, nothing else", 0b010},
          {"The tracking code you sent me is not found.", 0b010},
          {"Good morning, I have been waiting at home for three days now for the {item} that I "
           "need for "
           "my daughter's room. The tracking code leads to a page that shows nothing but a logo. I "
           "do not want to make trouble, I would only like to know when it will come. It should go "
           "to "
           "{address}.",
           0b011, Opener},
          {"Today a courier was parked illegally in front of our house and drove off again before "
           "I "
           "was at the door, and I fear that this was my parcel. There was no card in the letter "
           "box "
           "and the page still says the same as on {day}. Please tell me what you do when a parcel "
           "does not turn up at all.",
           0b100},
          {"It's been ten days now, will you look for it?", 0b100, FollowUp},
          {"I would like to know how things stand with order {order}. The first mail said that it "
           "was on its way, the second one said the same with another tracking code, and since "
           "then there has been no mail at all. It is a present and the birthday is on {day}. I "
           "can pick it up myself as well if that helps, I live close to the depot in {address}. "
           "Please tell me how long it usually takes.",
           0b011, Opener}},
     .steps = {"Open My orders and choose the order.", "Tap the parcel to see its last scan.",
               "Ask your neighbours and look for a card.", "Write to us with the order number."},
     .details = {"Parcels that need a signature are tried twice.",
                 "Large boxes sometimes travel apart from the small ones.",
                 "You get a message on the morning of the delivery.",
                 "Weekends and holidays do not count.",
                 "The courier keeps a card-only parcel at the nearest shop."},
     .cautions = {"Please note that the date on the page is an estimate.",
                  "In the weeks before Christmas it may take longer."}},

    {.id = "change-address",
     .title = "New delivery address",
     .about = "the delivery address of your order",
     .facts = {{.spellings = {"until it is packed", "until the order is packed",
                              "before it is packed"},
                .says = {"You can change the address until the order is packed.",
                         "The address is open until it is packed in our warehouse.",
                         "Changes are possible until the order is packed."},
                .misses = {"You can change the address if you are quick."}},
               {.spellings = {"My orders"},
                .says = {"You find the button under My orders.",
                         "Open My orders and choose the change button beside the address.",
                         "It is done under My orders, next to the address."},
                .misses = {"There is a button for it in the app."}},
               {.spellings = {"redirect"},
                .says = {"A parcel that has left us can be sent on: the courier can redirect it to "
                         "a pick-up point.",
                         "A parcel on its way can only be redirected by the courier.",
                         "Once it has left, use the redirect link in the courier's mail."},
                .misses = {"A parcel that has left us goes to the address on its label."}}},
     .asks =
         {{"Can I still change the delivery address?", 0b001, Opener},
          {"wrong house number on order {order}, please help", 0b011, Opener},
          {"Where do I change it?", 0b010},
          {"It has already been sent. What can I do?", 0b100},
          {"Until when can I change it?", 0b001, FollowUp},
          {"Can the courier bring it somewhere else?", 0b100, FollowUp},
          {"I can't find the button anywhere", 0b010, FollowUp},
          {"I typed the wrong postcode, can I fix it?", 0b011},
          {"Hello, in my last order I have chosen the old address from the list by mistake. We "
           "moved in "
           "summer and a stranger lives there now. The right one is {address}. The order is "
           "{order} and there is only the {item} in it. Please change it or tell me where I can do "
           "it myself.",
           0b011, Opener},
          {"I was too slow, the app says it has left your warehouse. The postcode on the label is "
           "still "
           "the one of my old flat, more than fifty kilometres from here, and I have no car. I "
           "would hate to have it sent back and to wait again. Please tell me what can still be "
           "done "
           "about it.",
           0b100, FollowUp},
          {"Does the courier let me pick another place?", 0b100, FollowUp},
          {"We will not be at home next week after all, because my mother had to go to hospital "
           "and I will stay with her. The parcel with the {item} should therefore go to her flat, "
           "and the postcode there is a different one, although it is the same town. I do not know "
           "whether you have packed it already. Please tell me until when this can be changed, and "
           "what we can do if it is too late for that.",
           0b101, Either}},
     .steps = {"Choose the order with the wrong address.", "Enter the new one and save it.",
               "Wait for the confirmation mail.", "Correct your address book as well."},
     .details = {"A new address in the same country costs nothing.",
                 "Pick-up points keep a parcel for seven days.",
                 "A parcel that comes back to us is sent again for free.",
                 "Your address book keeps old entries until you delete them.",
                 "Orders for another country have to be placed anew."},
     .cautions = {"Please check the house number and the floor too.",
                  "Once the label is printed, we may not be able to stop it."}},

    {.id = "return-item",
     .title = "Returning an item",
     .about = "sending back your {item}",
     .facts = {{.spellings = {"30 days", "thirty days"},
                .says = {"You have 30 days from delivery to send it back.",
                         "Returns are open for 30 days after the parcel arrives.",
                         "The return window is 30 days, counted from delivery."},
                .misses = {"You have some weeks to send it back."}},
               {.spellings = {"free label", "label is free", "label for free"},
                .says = {"The return label is free.",
                         "You get a free label from us, so the way back costs nothing.",
                         "Print the free label from the order page."},
                .misses = {"You send it back to our warehouse."}},
               {.spellings = {"5 working days", "five working days"},
                .says = {"The refund is made within 5 working days of its arrival here.",
                         "Your money is back 5 working days after we have the parcel.",
                         "Allow 5 working days for the refund once it is back."},
                .misses = {"The refund follows when the item is back here."}}},
     .asks =
         {{"What is your return policy?", 0b001, Opener},
          {"I want to send the {item} back", 0b011, Opener},
          {"Do I have to pay for the return?", 0b010},
          {"When do I get my money back?", 0b100},
          {"How many days do I have for it?", 0b001, FollowUp},
          {"Do I need to buy a stamp or anything?", 0b010, FollowUp},
          {"sent it on {day}, where's the refund", 0b100, FollowUp},
          {"Is the return code the same as the label, and is it free?", 0b010},
          {"I bought the {item} for my parents and it turned out that they already have one. The "
           "box is "
           "open but everything is in it, also the little card with the code. I had it sent to "
           "their place, {address}, and I am here until the weekend. Please tell me how long I can "
           "return it and what it costs.",
           0b011, Opener},
          {"The parcel is on its way back to you, I brought it to the shop on {day} and the lady "
           "scanned "
           "the barcode and gave me a receipt. My card statement closes at the end of the week and "
           "I would like to see the money on it before that. Please tell me how long it takes on "
           "your side.",
           0b100, FollowUp},
          {"Can I still return it after three weeks?", 0b001, FollowUp},
          {"In your shop I ordered two of the {item} in different colours to see which one fits "
           "better, and I will keep the white one. The other one is packed again as it came, but "
           "the sheet with the return code has gone into the paper bin together with the box. I "
           "paid with a card that I use only for the internet. Please tell me how I send it back, "
           "whether that costs me anything, and when I have the money again.",
           0b110, Opener}},
     .steps = {"Open the order and choose \"Return\".",
               "Pick a reason and print what you are shown.", "Pack the item with all its parts.",
               "Hand it in at any parcel shop."},
     .details = {"The box may be opened, the item should be complete.",
                 "A receipt from the parcel shop is your proof.",
                 "Gifts can be returned for credit.", "Several items can share one box.",
                 "You can follow the way back under the same order."},
     .cautions = {"Please remove the device from your account before you pack it.",
                  "Items with damage may be refunded in part only."}},

    {.id = "damaged",
     .title = "Damaged on arrival",
     .about = "the damaged {item}",
     .facts = {{.spellings = {"photo"},
                .says = {"Send us a photo of the damage and of the box.",
                         "A photo of the damage is all we need.",
                         "Please take a photo before you throw anything away."},
                .misses = {"Please tell us what happened."}},
               {.spellings = {"replacement"},
                .says = {"A replacement leaves our warehouse the next working day.",
                         "We send a replacement on the next working day.",
                         "You get a replacement at no cost, sent the next working day."},
                .misses = {"We will find a solution for you."}},
               {.spellings = {"14 days", "fourteen days", "two weeks"},
                .says = {"Please report it within 14 days of delivery.",
                         "You have 14 days to report damage in transit.",
                         "Damage has to be reported within 14 days."},
                .misses = {"Please report it soon."}}},
     .asks =
         {{"My {item} arrived broken.", 0b011, Opener},
          {"The box was crushed and the {item} has a crack. What now?", 0b011, Opener},
          {"Do you need to see the damage?", 0b001},
          {"Will I get a new one?", 0b010},
          {"When will the new one be sent?", 0b010, FollowUp},
          {"I only opened it today. Is it too late to report?", 0b100},
          {"How long do I have to report something like this?", 0b100, FollowUp},
          {"In the aftermath of the move I found that the {item} is broken. Too late?", 0b100},
          {"Yesterday your parcel was left in the rain behind our bins, in the aftermath of the "
           "storm "
           "when nobody in the street was at home. The box is soaked and the {item} does not "
           "switch "
           "on. I have kept everything as it was. Please tell me what you need from me and what "
           "happens next.",
           0b011, Opener},
          {"I will do that. There is one more thing, the second lamp of the same order, which I "
           "had put "
           "into the cellar without opening it, has a broken foot as well. The order is from the "
           "end of last month, its code is {order}. I hope that it is not too late for this one "
           "and "
           "would like to know how you see it.",
           0b110, FollowUp},
          {"What if the new one is broken too?", 0b010, FollowUp},
          {"The {item} was fine when I took it out, but the holder for the wall is bent and two of "
           "the screws are missing, so that I cannot put it up. There is a code on a sticker, R7, "
           "and the box had been closed with another tape than the one you use. I have the feeling "
           "that this one was sent back by somebody before me. Please tell me what you would like "
           "to see and whether I get a new one.",
           0b011, Either}},
     .steps = {"Keep the packaging for now.", "Open the order and choose \"Report a problem\".",
               "Add your pictures and a short note.",
               "Leave the broken item where it is until you hear from us."},
     .details = {"You do not have to send the broken one back in most cases.",
                 "The courier pays for damage in transit, not you.",
                 "Glass parts are packed apart.", "The warranty begins again with the new item.",
                 "You can also have your money back instead."},
     .cautions = {"Please do not plug in a device with a visible crack.",
                  "If the outside looks fine, the courier may ask for the box."}},

    {.id = "discount",
     .title = "Discounts",
     .about = "your discount",
     .facts = {{.spellings = {"one per order", "one discount per order", "one code per order"},
                .says = {"We accept one discount per order.",
                         "It is one discount per order, they do not add up.",
                         "Only one discount per order can be used."},
                .misses = {"You can try it in the basket and see."}},
               {.spellings = {"40 euros", "EUR 40"},
                .says = {"The basket has to reach 40 euros.",
                         "It works from a basket of 40 euros on.",
                         "There is a minimum of 40 euros."},
                .misses = {"There may be a minimum."}},
               {.spellings = {"sale items", "items on sale", "reduced items"},
                .says = {"It does not count for sale items.", "Items on sale are left out.",
                         "Sale items are excluded."},
                .misses = {"Some items may be left out."}}},
     .asks =
         {{"Why is my discount not taken off at checkout?", 0b110, Opener},
          {"can I combine the newsletter discount with the summer one", 0b001, Opener},
          {"Is there a minimum for the discount?", 0b010},
          {"Does it work for the {item} on sale?", 0b100},
          {"So I can't use both?", 0b001, FollowUp},
          {"How much do I need in my basket?", 0b010, FollowUp},
          {"Which things are left out?", 0b100, FollowUp},
          {"Can I use two discount codes on one order?", 0b001},
          {"The discount code is not accepted", 0b110},
          {"I got a discount code with your newsletter and another one with the {item} that I "
           "bought in "
           "spring. In the basket there are three lamps and a plug, one of them is on sale. "
           "Whatever I try, the second code throws out the first one and then the whole thing says "
           "that it is not valid. Please explain what the rules are.",
           0b111},
          {"Was there a minimum, or why is it refused?", 0b010, FollowUp},
          {"For our club I want to buy nine plugs and the {item}, and as treasurer I collect every "
           "offer that I can find. There is a discount code from the fair, one from the newsletter "
           "and one that was printed on the last receipt, all with different dates. In the basket "
           "only one of them changes the sum, and for two of the plugs it changes nothing at all. "
           "Please explain what can be used together and what not.",
           0b101, Opener}},
     .steps = {"Fill your basket first.", "Enter the text in the field below the sum.",
               "Look at the line that appears.", "Remove it again if another one is better."},
     .details = {"Capital letters do not matter.",
                 "Each of them is valid until the date printed under it.",
                 "Shipping does not count towards the minimum.",
                 "It cannot be added after the order is placed.",
                 "The app shows all of yours in the wallet."},
     .cautions = {"Please watch for blanks when you copy it.",
                  "Offers of partner shops may have rules of their own."}},

    {.id = "cancel-order",
     .title = "Cancelling an order",
     .about = "cancelling your order",
     .facts = {{.spellings = {"60 minutes", "one hour"},
                .says = {"You can cancel an order yourself for 60 minutes.",
                         "For 60 minutes after ordering there is a cancel button.",
                         "The cancel button is there for 60 minutes."},
                .misses = {"You can cancel an order for a short time."}},
               {.spellings = {"refuse the parcel", "refuse it at the door", "refuse the delivery"},
                .says = {"When it is too late for the button, refuse the parcel at the door.",
                         "If it is already on its way, simply refuse the delivery.",
                         "You can refuse it at the door, then it comes back to us."},
                .misses = {"A parcel on its way cannot be stopped."}},
               {.spellings = {"authorisation", "authorization"},
                .says = {"Nothing is charged then, only the card authorisation lapses.",
                         "Your card was not charged: the authorisation lapses by itself.",
                         "The authorisation on your card is released."},
                .misses = {"The payment is sorted out by your bank."}}},
     .asks =
         {{"How can I cancel my order?", 0b001, Opener},
          {"ordered the wrong {item}, please cancel {order}", 0b011, Opener},
          {"How long can I cancel it myself?", 0b001},
          {"It has been sent already. What can I do?", 0b010},
          {"Will my card be charged?", 0b100},
          {"There is no cancel button any more. And now?", 0b010, FollowUp},
          {"I see the money is blocked on my card, why", 0b100, FollowUp},
          {"I forgot to enter my discount code, can I cancel and order again?", 0b001, Opener},
          {"I was just ordering the {item} on my phone when the bus stopped, and now I have two of "
           "them "
           "in order {order}, and without the discount code. It was only a few minutes ago. I want "
           "to cancel the whole thing and order again at home, to {address}. Please tell me how "
           "this works and whether I pay twice.",
           0b101, Opener},
          {"The button had gone when I was back at my desk. The bank shows the sum as blocked, and "
           "there "
           "is a strange code beside it which I have never seen before. My balance is not what it "
           "should be on the last day of the month. Tell me please what to do with the parcel when "
           "it comes and when the money is free again.",
           0b110, FollowUp},
          {"Can I just not accept it when it comes?", 0b010, FollowUp},
          {"I have to apologise, my son has got hold of my phone and ordered the {item} three "
           "times, with express delivery and somebody else's postcode in the address. The "
           "confirmation came just now while I was putting him to bed. Of course I do not want any "
           "of it. Please tell me how I can stop this tonight, and whether something will be taken "
           "from my card before you look at it.",
           0b101, Either}},
     .steps = {"Open the order in the app.", "Choose \"Cancel\" and confirm it.",
               "Wait for the mail that confirms it.", "Order again if you like."},
     .details = {"An order can be cancelled in whole only.", "Vouchers go back to your wallet.",
                 "Orders that are made for you cannot be taken back.",
                 "A cancelled order stays in your list, in grey.", "You need not give a reason."},
     .cautions = {"Please check that no second order is open.",
                  "Some banks may show a blocked sum for a few days."}},
};

constexpr std::string_view kAsides[] = {
    "You can follow every step under the order in the app.",
    "Our warehouse works from Monday to Saturday.",
    "The confirmation mail holds all the numbers you need.",
    "Notices by text message can be switched on in the app.",
    "It is best to keep the box until the device runs.",
};

} // namespace

const SegmentTopics kOrderTopics = {"Orders", 0.28, kTopics, kAsides};

} // namespace signalbox::sample
